import type { Route } from "../../ui/router";

const route: Route = {
  path: "/pack",
  title: "nav.pack",
  roles: ["packer", "supervisor"],
  floor: true,
  theme: "auto",
  menu: { order: 30, icon: "box" },
  load: () => import("./view"),
};
export default route;
