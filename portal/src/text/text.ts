import { signal } from '@preact/signals';
import type account from '../../messages/en/account.json';
import type activity from '../../messages/en/activity.json';
import type common from '../../messages/en/common.json';
import type developers from '../../messages/en/developers.json';
import type operator from '../../messages/en/operator.json';
import type privacy from '../../messages/en/privacy.json';
import type security from '../../messages/en/security.json';
import type signIn from '../../messages/en/sign-in.json';
import { brand } from '../configuration.ts';
import { format, type Message, type Values } from './format.ts';

/** One file per area and language: a page brings only its own. English has every key; the others are checked against it. */
interface Areas {
  common: typeof common;
  'sign-in': typeof signIn;
  account: typeof account;
  activity: typeof activity;
  security: typeof security;
  privacy: typeof privacy;
  operator: typeof operator;
  developers: typeof developers;
}
export type Area = keyof Areas;

export const languages = ['en', 'de', 'fr', 'es', 'ar'] as const;
export type Language = (typeof languages)[number];

/** Each in its own language, for the list in which people choose. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ar: 'العربية',
};

const chosenKey = 'vestibule:language';
const files = import.meta.glob<{ default: Record<string, Message> }>('../../messages/*/*.json');
const loaded = new Map<string, Record<string, Message>>();

/** Pages read it while they render, so that a change is seen at once. */
export const language = signal<Language>('en');

const isLanguage = (tag: string | null | undefined): tag is Language =>
  languages.some((known) => known === tag);

/** What the person chose here before, else the first wish of the browser that is offered, else the first that is. */
function firstLanguage(offered: readonly string[]): Language {
  const wishes = [localStorage.getItem(chosenKey), ...navigator.languages.map((tag) => tag.split('-')[0])];
  const isOffered = (tag: string | null | undefined): tag is Language =>
    isLanguage(tag) && offered.includes(tag);
  return wishes.find(isOffered) ?? offered.find(isLanguage) ?? 'en';
}

/** @param offered - languages of the installation, the first is its default */
export async function startText(offered: readonly string[] = languages): Promise<void> {
  // Known before its texts are here, so that the first page can be fetched beside them.
  language.value = firstLanguage(offered);
  await changeLanguage(language.value, { remember: false });
}

/** Fetches the texts that are in use in the other language first, so that no page ever shows half of each. */
export async function changeLanguage(next: Language, { remember = true } = {}): Promise<void> {
  const areas = new Set([...loaded.keys()].map((key) => key.split('/')[1] as Area).concat('common'));
  await Promise.all([...areas].map((area) => load(area, next)));
  document.documentElement.lang = next;
  document.documentElement.dir = next === 'ar' ? 'rtl' : 'ltr';
  if (remember) localStorage.setItem(chosenKey, next);
  language.value = next;
}

async function load(area: Area, tag: Language): Promise<void> {
  const key = `${tag}/${area}`;
  if (loaded.has(key)) return;
  const file = files[`../../messages/${key}.json`];
  if (!file) throw new Error(`messages/${key}.json: is missing`);
  loaded.set(key, (await file()).default);
}

/** A page module with the texts of its areas: for `lazy(() => withText(['account'], () => import(…)))`. */
export async function withText<Module>(areas: readonly Area[], page: () => Promise<Module>): Promise<Module> {
  const [module] = await Promise.all([page(), ...areas.map((area) => load(area, language.value))]);
  return module;
}

/** @throws Error when the area was not loaded with its page */
export function text<A extends Area>(area: A, key: keyof Areas[A] & string, values: Values = {}): string {
  const messages = loaded.get(`${language.value}/${area}`);
  const message = brand.value.texts?.[language.value]?.[`${area}/${key}`] ?? messages?.[key];
  if (message === undefined) throw new Error(`text ${language.value}/${area}/${key}: is not loaded`);
  return format(message, values, language.value);
}

/** Whether an area has a text for a key made at run time (an error code, an event type). */
export const hasText = (area: Area, key: string): boolean =>
  loaded.get(`${language.value}/${area}`)?.[key] !== undefined;
