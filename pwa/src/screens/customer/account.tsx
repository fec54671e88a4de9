import { Button, dateTime, Field, money as amountOf, Panel, ProgressBar, said, t } from "../../ui";
import type { Doing, Money } from "./flow";
import { leftOf, TERMS, type Account, type Term } from "./terms";

interface OnAccountProps {
  readonly money: Money;
  readonly mayAgree: boolean;
  readonly onAgree: () => void;
  readonly onEnd: () => void;
}

/** How they buy on account: what is left of their limit, what is open, when it is due; or that they do no longer. */
export function OnAccount({ money: { account, usual_days: usual }, mayAgree, onAgree, onEnd }: OnAccountProps) {
  const agreed = account !== null && account.ended_at === null ? account : null;
  return (
    <Panel label={t("customer.account")} {...(agreed !== null && (leftOf(agreed) ?? 0) < 0 ? { tone: "bad" as const } : {})}>
      {account === null ? <b>{t("customer.usual")}</b> : account.ended_at === null ? <Standing account={account} /> : <Ended account={account} since={account.ended_at} />}
      {account !== null && agreed === null ? null : <p class="soft">{t("customer.accountDue", { n: agreed?.days ?? usual })}</p>}
      {mayAgree ? (
        <div class="customer-does">
          <Button kind="line" onTap={onAgree}>{t(agreed === null ? "customer.agree" : "customer.agreeAnew")}</Button>
          {agreed === null ? null : <Button kind="line" onTap={onEnd}>{t("customer.end")}</Button>}
        </div>
      ) : null}
    </Panel>
  );
}

const Ended = ({ account: { owing_minor, currency }, since }: { readonly account: Account; readonly since: string }) => (
  <>
    <b>{t("customer.ended", { moment: dateTime(since) })}</b>
    <p class="soft">{t("customer.endedMore")}</p>
    <p class="soft">{t("customer.accountOpen", { owing: amountOf(owing_minor, currency) })}</p>
  </>
);

function Standing({ account }: { readonly account: Account }) {
  const { limit_minor: limit, owing_minor: owing, currency } = account;
  const left = leftOf(account);
  const amount = (minor: number): string => amountOf(minor, currency);
  if (limit === null || left === null) {
    return (
      <>
        <b>{t("customer.noLimit")}</b>
        <p class="soft">{t("customer.accountOpen", { owing: amount(owing) })}</p>
      </>
    );
  }
  return (
    <>
      <b>{left < 0 ? t("customer.beyond", { amount: amount(-left) }) : t("customer.left", { amount: amount(left) })}</b>
      <ProgressBar parts={[{ value: Math.min(owing, limit), tone: left < 0 ? "bad" : "accent" }]} total={limit} label={t("customer.accountBar")} />
      <p class="soft">{t("customer.accountOpenOf", { owing: amount(owing), limit: amount(limit) })}</p>
    </>
  );
}

const MODES: Readonly<Record<Term, "numeric" | "decimal" | "text">> = { days: "numeric", limit: "decimal", currency: "text" };
const LENGTHS: Readonly<Record<Term, number>> = { days: 3, limit: 14, currency: 3 };

interface TermsFormProps {
  readonly doing: Extract<Doing, { what: "terms" }>;
  readonly change: (doing: Doing) => void;
}

/** What is wrong is said at its field, and the first of them has the focus. */
export function TermsForm({ doing, change }: TermsFormProps) {
  const { fields, wrong } = doing;
  const first = TERMS.find((term) => wrong[term] !== undefined);
  return (
    <>
      <p class="soft">{t("customer.termsMore")}</p>
      {TERMS.map((term) => (
        <Field
          key={term}
          label={t(`customer.term.${term}`)}
          value={fields[term]}
          inputMode={MODES[term]}
          maxLength={LENGTHS[term]}
          autoFocus={term === first}
          fault={wrong[term] === undefined ? undefined : said(wrong[term])}
          onInput={(text) => change({ ...doing, fields: { ...fields, [term]: text }, wrong: {} })}
        />
      ))}
    </>
  );
}

export const EndTerms = ({ account: { owing_minor, currency } }: { readonly account: Account }) => (
  <>
    <p>{t("customer.endMore")}</p>
    {owing_minor === 0 ? null : <p>{t("customer.endOwing", { owing: amountOf(owing_minor, currency) })}</p>}
  </>
);
