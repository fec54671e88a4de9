/** Why: what screens use, in one import. */

export { AppContext, useAnswered, useApp, useAwake, useBack, useFlow, useFocus, useFocusBack, useNow, useScan, useTopic, type Flow } from "./hooks";
export {
  amountText, dateTime, day, inOnePiece, isLanguage, language, LANGUAGES, minutesLeft, minutesText, money, number, outcomeText, plainDate, printerWords, said, setLanguage, t, time, timeFrom, wordOf, zone,
  type Language,
} from "./i18n";
export { Icon, Mark, type IconName } from "./icons";
export { Button, Empty, Fault, Field, Label, Panel, Pill, ProgressBar, Spinner, type BarPart, type Tone } from "./parts";
export { BinCode, ItemCard, ItemPicture, Quantity, ScanPrompt, slotSign, SlotBadge } from "./floor";
export { MapView, type Floor, type MapMark, type Point } from "./map";
export { Again, NotShown } from "./again";
export { Cards } from "./cards";
export { CameraButton } from "./camera";
export { Untrusted } from "./untrusted";
export { Dialog } from "./dialog";
export { Keypad } from "./keypad";
export { FullScreen } from "./overlay";
export { CutOff, Handheld, mayGo, NetworkPill } from "./shell";
export { AppShell, StaleOrLive, TimeZone, useHouseZone } from "./desk";
export { AwaitHouse } from "./house";
export { later } from "./later";
export { navigate, searchParams, type Route, type ScreenProps } from "./router";
export { hand, themeWish } from "./theme";
export { chooseLanguage, languageOf } from "./tongue";
