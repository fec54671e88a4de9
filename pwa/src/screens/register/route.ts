import type { Route } from "../../ui/router";

const route: Route = {
  path: "/setup/:thing",
  title: "nav.setup",
  roles: ["supervisor", "operator", "desk", "receiver", "integrator"],
  theme: "auto",
  load: () => import("./view"),
};
export default route;
