import type { Route } from "../../ui/router";

const route: Route = {
  path: "/orders",
  title: "nav.orders",
  roles: ["desk", "supervisor", "integrator"],
  theme: "auto",
  menu: { order: 10, icon: "list" },
  load: () => import("./view"),
};
export default route;
