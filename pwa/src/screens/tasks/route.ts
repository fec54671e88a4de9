import type { Route } from "../../ui/router";

const route: Route = {
  path: "/tasks",
  title: "nav.tasks",
  roles: ["picker", "packer", "receiver", "supervisor"],
  floor: true,
  theme: "auto",
  load: () => import("./view"),
};
export default route;
