import type { Route } from "../../ui/router";

const route: Route = {
  path: "/policies/:kind",
  title: "nav.policies",
  roles: ["desk", "supervisor", "integrator", "operator"],
  theme: "auto",
  load: () => import("./view"),
};
export default route;
