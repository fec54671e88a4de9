import type { Route } from "../../ui/router";

const route: Route = {
  path: "/holds",
  title: "nav.holds",
  roles: ["desk", "supervisor"],
  theme: "auto",
  menu: { order: 12, icon: "stop" },
  load: () => import("./view"),
};
export default route;
