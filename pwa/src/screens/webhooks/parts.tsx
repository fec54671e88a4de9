import type { ComponentChildren } from "preact";
import { Label, t, wordOf } from "../../ui";

/** The answer in one line: its status, and why it was no yes. */
export const ReasonWords = ({ status, reason }: { readonly status: number | null; readonly reason: string | null }) => (
  <span>{[...(status === null ? [] : [t("webhooks.status", { status: String(status) })]), ...(reason === null || reason === "" ? [] : [wordOf(reason)])].join(" · ")}</span>
);

/** A name and what it is, under each other. */
export const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div class="webhooks-fact">
    <Label>{name}</Label>
    <div>{children}</div>
  </div>
);

/** A body as it was sent. It may be long: it scrolls by itself. */
export const Body = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre class="webhooks-body mono" tabIndex={0} role="region" aria-label={label}>
    {text}
  </pre>
);
