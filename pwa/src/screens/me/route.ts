import type { Route } from "../../ui/router";

const route: Route = {
  path: "/home",
  title: "nav.me",
  roles: ["picker", "packer", "receiver", "supervisor", "desk", "operator", "integrator"],
  theme: "auto",
  load: () => import("./view"),
};
export default route;
