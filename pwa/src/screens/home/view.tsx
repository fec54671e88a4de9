import { useEffect } from "preact/hooks";
import { Button, Empty, Icon, navigate, t, useApp, type ScreenProps } from "../../ui";
import { routeOf } from "../../ui/router";
import { placesFor } from "./flow";
import "./style.css";

export default function Home(_props: ScreenProps) {
  const { who } = useApp();
  const person = who.value.signedIn?.person;
  const places = placesFor(person?.roles ?? [], (path) => routeOf(path) !== null);
  const only = places.length === 1 ? places[0] : undefined;
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
                {t(title)}
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
