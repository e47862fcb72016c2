import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { MailTexts } from './texts.ts';

/** By base language. */
export const mailCatalogue: Readonly<Record<string, MailTexts>> = { en, de, fr, es, ar };
