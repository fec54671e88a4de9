import type { Route } from "../../ui/router";

const route: Route = {
  path: "/customers",
  title: "nav.customers",
  roles: ["desk", "supervisor", "integrator"],
  theme: "auto",
  menu: { order: 14, icon: "person" },
  load: () => import("./view"),
};
export default route;
