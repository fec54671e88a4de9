import type { Route } from "../../ui/router";

const route: Route = {
  path: "/",
  title: "nav.home",
  roles: ["picker", "packer", "receiver", "supervisor", "desk", "operator", "integrator"],
  theme: "auto",
  load: () => import("./view"),
};
export default route;
