import type { Route } from "../../ui/router";

const route: Route = {
  path: "/imports",
  title: "nav.imports",
  roles: ["desk", "supervisor", "integrator", "operator"],
  theme: "auto",
  menu: { order: 60, icon: "putBack" },
  load: () => import("./view"),
};
export default route;
