import type { Route } from "../../ui/router";

const route: Route = {
  path: "/messages",
  title: "nav.messages",
  roles: ["desk", "supervisor", "integrator", "operator"],
  theme: "auto",
  menu: { order: 16, icon: "mail" },
  load: () => import("./view"),
};
export default route;
