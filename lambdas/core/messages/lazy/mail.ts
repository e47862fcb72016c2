/** The mails in every language, for functions that send few: a file of their own, which no start reads. */
export { renderMail } from '../render.ts';
