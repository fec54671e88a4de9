import type { Route } from "../../ui/router";

const route: Route = {
  path: "/lan",
  title: "nav.lan",
  roles: ["supervisor", "operator"],
  theme: "auto",
  menu: { order: 90, icon: "globe" },
  load: () => import("./view"),
};
export default route;
