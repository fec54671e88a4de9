import type { Route } from "../../ui/router";

const route: Route = {
  path: "/policies",
  title: "nav.policies",
  roles: ["desk", "supervisor", "integrator", "operator"],
  theme: "auto",
  menu: { order: 55, icon: "fork" },
  load: () => import("./view"),
};
export default route;
