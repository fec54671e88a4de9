import type { Route } from "../../ui/router";

const route: Route = {
  path: "/pick",
  title: "nav.pick",
  roles: ["picker", "supervisor"],
  floor: true,
  theme: "auto",
  load: () => import("./view"),
};
export default route;
