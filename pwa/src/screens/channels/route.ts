import type { Route } from "../../ui/router";

const route: Route = {
  path: "/channels",
  title: "nav.channels",
  roles: ["desk", "integrator"],
  theme: "auto",
  menu: { order: 65, icon: "cart" },
  load: () => import("./view"),
};
export default route;
