/** Why: what is agreed on account is typed as people say it, and what is wrong is said at its field. */

import { digitsOf, minorOf, typed } from "../../core/amounts";
import type { Said } from "../../core/machine";
import type { Fault } from "../../core/problem";

/** As the server's `AccountView`, as far as it is shown. */
export interface Account {
  readonly days: number;
  readonly limit_minor: number | null;
  readonly currency: string;
  readonly owing_minor: number;
  readonly version: number;
  /** Since when nothing is sold on account any more. */
  readonly ended_at: string | null;
}

export const TERMS = ["days", "limit", "currency"] as const;
export type Term = (typeof TERMS)[number];
/** As they are typed. */
export type Terms = Readonly<Record<Term, string>>;
export type Wrong = Readonly<Partial<Record<Term, Said>>>;

/** What is left of the limit; below zero: owed beyond it; null: there is no limit. */
export const leftOf = ({ limit_minor, owing_minor }: Account): number | null => (limit_minor === null ? null : limit_minor - owing_minor);

/** As a person would type them; `mark` stands before the decimals. */
export const typedOf = ({ days, limit_minor, currency }: Pick<Account, "days" | "limit_minor" | "currency">, mark: string): Terms => ({
  days: String(days), limit: limit_minor === null ? "" : typed(limit_minor, digitsOf(currency), mark), currency,
});

const currencyIn = ({ currency }: Terms): string => currency.trim().toUpperCase();
const isCurrency = (terms: Terms): boolean => /^[A-Z]{3}$/.test(currencyIn(terms));
const limitIn = (terms: Terms): number | null => minorOf(terms.limit, isCurrency(terms) ? digitsOf(currencyIn(terms)) : 2);

const RIGHT: Readonly<Record<Term, (terms: Terms) => boolean>> = {
  days: ({ days }) => /^\d{1,3}$/.test(days.trim()) && Number(days) <= 365,
  limit: (terms) => terms.limit.trim() === "" || limitIn(terms) !== null,
  currency: isCurrency,
};

const wrongAt = (terms: Terms, is: (term: Term) => boolean): Wrong =>
  Object.fromEntries(TERMS.filter(is).map((term) => [term, { key: `customer.wrong.${term}`, params: { got: terms[term].trim(), is: terms[term].trim() === "" ? "nothing" : "other" } }]));

/** What cannot be sent. */
export const wrongIn = (terms: Terms): Wrong => wrongAt(terms, (term) => !RIGHT[term](terms));

const FIELDS: Readonly<Record<string, Term>> = { days: "days", limit_minor: "limit", currency: "currency" };
/** What the server found wrong, at the fields that it was typed in. */
export const refusedIn = (terms: Terms, faults: readonly Fault[]): Wrong => wrongAt(terms, (term) => faults.some(({ field }) => FIELDS[field] === term));

export const isAny = (wrong: Wrong): boolean => Object.keys(wrong).length > 0;

/** What is sent of terms that are right. */
export const bodyOf = (terms: Terms, version: number | null) => ({ days: Number(terms.days), currency: currencyIn(terms), limit_minor: terms.limit.trim() === "" ? null : limitIn(terms), version });
