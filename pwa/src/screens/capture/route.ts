import type { Route } from "../../ui/router";

const route: Route = {
  path: "/new-order",
  title: "nav.capture",
  roles: ["desk"],
  theme: "auto",
  menu: { order: 9, icon: "plus" },
  load: () => import("./view"),
};
export default route;
