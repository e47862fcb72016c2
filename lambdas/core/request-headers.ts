/** Headers of ours. Pages of other origins may send them because the preflight names them. */

/** Under which brand a page is shown; what follows from the request carries that brand. */
export const brandHeader = 'x-vestibule-brand';
/** In which language a page is shown; messages that answer the request are in it. */
export const languageHeader = 'x-vestibule-language';
/** Apps without a cookie jar send the device token here. */
export const deviceHeader = 'x-vestibule-device';
/** The value that came with a session in a cookie. */
export const csrfHeader = 'x-vestibule-csrf';
