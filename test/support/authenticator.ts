export { type Ceremony, SoftwareAuthenticator } from '../../scripts/journey/authenticator.ts';
