import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { whyNot } from "../../core/refused";
import { countOf, type QueueView } from "../../core/tour";
import { Button, Empty, Icon, navigate, t, useApp, useTopic, type ScreenProps } from "../../ui";
import { routeOf } from "../../ui/router";
import { homeOf, isBare, placesFor, setupFirst, stepsOf, type Guide } from "./flow";
import "./style.css";

export default function Home(_props: ScreenProps) {
  const { who } = useApp();
  const person = who.value.signedIn?.person;
  const guide = useGuide();
  const places = setupFirst(placesFor(person?.roles ?? [], (path) => routeOf(path) !== null), guide);
  const only = isBare(guide) ? places[0] : homeOf(places);
  useEffect(() => {
    if (only !== undefined) navigate(only.path, { replace: true });
  }, [only?.path]);
  if (person === undefined || only !== undefined) return null;
  return (
    <main class="home">
      <h1>{t("home.hello", { name: person.name })}</h1>
      {places.length === 0 ? (
        <Empty icon="badge" title={t("home.nothing")}>
          <p>{t("home.nothingMore")}</p>
        </Empty>
      ) : (
        <ul>
          {places.map(({ path, title, icon }) => (
            <li key={path}>
              <a href={path}>
                <Icon name={icon} size={34} weight={1.8} />
                <span class="grow">
                  {t(title)}
                  {path === "/tasks" ? <Due /> : null}
                  {path === "/setup" && guide !== null && guide.next !== null ? <small class="soft">{t("home.setUp", stepsOf(guide))}</small> : null}
                </span>
                <Icon name="arrow" size={22} />
              </a>
            </li>
          ))}
        </ul>
      )}
      <Button kind="quiet" wide onTap={() => navigate("/home")}>{t("home.me")}</Button>
    </main>
  );
}

/** How far the set-up is, for whoever does it; null for anybody else, and until it is known. */
function useGuide(): Guide | null {
  const { http, who } = useApp();
  const { signedIn } = who.value;
  const guide = useSignal<Guide | null>(null);
  const mine = signedIn?.permissions.includes("setup.manage") === true;
  const house = signedIn?.warehouse?.id ?? 1;
  useEffect(() => {
    if (mine) http.get<Guide>(`/warehouses/${house}/setup`).then((found) => (guide.value = found), (error: unknown) => void whyNot(error));
  }, [mine, house]);
  return guide.value;
}

/** How many put-backs and counts wait for whoever is free. */
function Due() {
  const warehouse = useApp().who.value.signedIn?.warehouse?.id ?? null;
  const queue = useTopic<QueueView>("queue", warehouse === null ? null : String(warehouse)).value;
  if (queue === undefined) return null;
  const [putBacks, counts] = [countOf(queue.loose, "put_back"), countOf(queue.loose, "count")];
  const words = [...(putBacks === 0 ? [] : [t("floor.putBacks", { n: putBacks })]), ...(counts === 0 ? [] : [t("floor.counts", { n: counts })])];
  return <small class="soft">{words.length === 0 ? t("home.nothingDue") : words.join(", ")}</small>;
}
