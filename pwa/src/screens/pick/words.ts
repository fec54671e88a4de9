/** Why: a tour and an item are called alike wherever this screen names them. */

import { nameIn } from "../../core/named";
import type { Tour, TourStop } from "../../core/tour";
import { language, t } from "../../ui";

export const tourTitle = (tour: Tour): string => t("pick.tour", { tour: String(tour.number) });
export const nameOf = (tour: Tour, stop: TourStop): string => nameIn(tour.items[stop.item], language.value);
