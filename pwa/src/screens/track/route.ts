import type { Route } from "../../ui/router";

const route: Route = {
  path: "/track/:link",
  title: "nav.track",
  roles: "public",
  theme: "auto",
  load: () => import("./view"),
};
export default route;
