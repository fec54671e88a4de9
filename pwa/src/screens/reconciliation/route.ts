import type { Route } from "../../ui/router";

const route: Route = {
  path: "/reconciliation",
  title: "nav.reconciliation",
  roles: ["desk", "supervisor"],
  theme: "auto",
  menu: { order: 65, icon: "compare" },
  load: () => import("./view"),
};
export default route;
