/** What people choose here and what the public lists, mostly English, do not have. */
export const ownWords: readonly string[] =
  `password passw0rd passwort p@ssword p@ssw0rd pa$$word kennwort contraseña motdepasse
qwerty qwertz qwerty123 qwertyuiop qwertzuiop asdfghjkl azerty azertyuiop 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx q1w2e3r4
12345678 123456789 1234567890 12345678910 123123123 11223344 87654321 987654321 0123456789 123454321 147258369
iloveyou ilovegod sunshine princess princesa football baseball basketball volleyball superman batman spiderman starwars
welcome willkommen letmein trustno1 whatever computer internet samsung dragon monkey shadow master michael jennifer
administrator admin administration changeme change-me default testtest test1234 temppass temporary secret
hallo schatz liebe sommer winter frühling herbst summer spring autumn monday montag berlin hamburg
corvette mercedes porsche ferrari mustang liverpool arsenal chelsea barcelona juventus bayern
abcd1234 abc12345 aa123456 a1b2c3d4 pokemon minecraft fortnite charlie charlotte hunter2 correcthorsebatterystaple`
    .split(/\s+/)
    .filter((word) => word !== '');
