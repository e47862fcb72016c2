/** Apps without a cookie jar send the device token here. */
export const deviceHeader = 'x-vestibule-device';
export const deviceCookie = '__Host-vestibule-device';
