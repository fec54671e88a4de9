import type { Route } from "../../ui/router";

const route: Route = {
  path: "/webhooks",
  title: "nav.webhooks",
  roles: ["integrator", "operator"],
  theme: "auto",
  menu: { order: 70, icon: "link" },
  load: () => import("./view"),
};
export default route;
