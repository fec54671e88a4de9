/** Why: before there is a warehouse nothing about it ever comes: that is said, and where it is set up, instead of a wheel for ever. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError } from "../core/problem";
import { whyNot } from "../core/refused";
import { useApp } from "./hooks";
import { t } from "./i18n";
import { Empty, Spinner } from "./parts";

interface HouseProps {
  /** Where the warehouse is: `/warehouses/1`. */
  readonly base: string;
  /** What is said when there is none. */
  readonly none: string;
}

/** Waits for what a topic brings; where there is no warehouse, says so. */
export function AwaitHouse({ base, none }: HouseProps) {
  const { http } = useApp();
  const isThere = useSignal(true);
  useEffect(() => {
    http.get(base).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === "not_found") isThere.value = false;
      else whyNot(error); // the line says by itself that it is not live
    });
  }, [base]);
  if (isThere.value) return <Spinner label={t("common.loading")} />;
  return (
    <Empty icon="warn" title={none}>
      <a class="btn quiet" href="/setup">{t("nav.setup")}</a>
    </Empty>
  );
}
