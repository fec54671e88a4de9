import type { Route } from "../../ui/router";

const route: Route = {
  path: "/supply",
  title: "nav.supply",
  roles: ["desk", "supervisor", "receiver", "integrator"],
  theme: "auto",
  menu: { order: 13, icon: "truck", also: ["/setup/deliveries", "/setup/kept", "/setup/zones", "/setup/sourcing"] },
  load: () => import("./view"),
};
export default route;
