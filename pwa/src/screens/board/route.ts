import type { Route } from "../../ui/router";

const route: Route = {
  path: "/board",
  title: "nav.board",
  roles: ["supervisor"],
  theme: "auto",
  menu: { order: 15, icon: "map" },
  load: () => import("./view"),
};
export default route;
