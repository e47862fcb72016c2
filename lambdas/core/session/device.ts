export const deviceCookie = '__Host-vestibule-device';
