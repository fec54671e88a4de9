import type { Route } from "../../ui/router";

const route: Route = {
  path: "/setup",
  title: "nav.setup",
  roles: ["supervisor", "operator"],
  theme: "auto",
  menu: { order: 80, icon: "check" },
  load: () => import("./view"),
};
export default route;
