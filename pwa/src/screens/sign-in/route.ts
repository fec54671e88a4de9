import type { Route } from "../../ui/router";

const route: Route = {
  path: "/sign-in",
  title: "nav.signIn",
  roles: "public",
  theme: "auto",
  load: () => import("./view"),
};
export default route;
