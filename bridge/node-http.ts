/** node:http and node:https by getBuiltinModule: an import of node:http loads all that Node has for fetch and WebSocket, 26 ms and 3 MB that nobody here uses. */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
export const { createServer: createTlsServer } = process.getBuiltinModule('node:https');
