import type { Route } from "../../ui/router";

const route: Route = {
  path: "/orders/:number",
  title: "nav.order",
  roles: ["desk", "supervisor", "integrator"],
  theme: "auto",
  load: () => import("./view"),
};
export default route;
