import type { Route } from "../../ui/router";

const route: Route = {
  path: "/setup/brand",
  title: "nav.brand",
  roles: ["supervisor", "operator"],
  theme: "auto",
  load: () => import("./view"),
};
export default route;
