import type { Route } from "../../ui/router";

const route: Route = {
  path: "/release",
  title: "nav.release",
  roles: ["supervisor"],
  theme: "auto",
  menu: { order: 20, icon: "wave" },
  load: () => import("./view"),
};
export default route;
