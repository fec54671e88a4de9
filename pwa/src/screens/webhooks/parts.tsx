import { t, wordOf } from "../../ui";

/** The answer in one line: its status, and why it was no yes. */
export const ReasonWords = ({ status, reason }: { readonly status: number | null; readonly reason: string | null }) => (
  <span>{[...(status === null ? [] : [t("webhooks.status", { status: String(status) })]), ...(reason === null || reason === "" ? [] : [wordOf(reason)])].join(" · ")}</span>
);
