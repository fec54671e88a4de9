import type { Route } from "../../ui/router";

const route: Route = {
  path: "/customers/:id",
  title: "nav.customer",
  roles: ["desk", "supervisor", "integrator"],
  theme: "auto",
  load: () => import("./view"),
};
export default route;
