import { expect, test } from "vitest";
import cases from "../../../tests/cases/pace.json";
import { forecast, pace, standing } from "./pace";

test.each(cases.pace)("pace: $note", ({ by_minute, now, pace: wanted }) => {
  expect(pace(by_minute as Record<string, number>, now)).toBe(wanted);
});

test.each(cases.forecast)("forecast: $note", ({ left, unloaded, pace: done, to_cutoff, word, minutes }) => {
  expect(forecast(left, unloaded, done, to_cutoff)).toEqual({ word, minutes });
});

test.each(cases.standing)("standing: $note", ({ has_tour, quiet_for, standing: wanted }) => {
  expect(standing(has_tour, quiet_for)).toBe(wanted);
});
