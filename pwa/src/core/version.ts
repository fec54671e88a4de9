/** Why: the server refuses writes of an app that is too old; so the app says which one it is. Raised with each change of the wire. */
export const APP_VERSION = "1";
