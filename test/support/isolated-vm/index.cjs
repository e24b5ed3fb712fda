/**
 * isolated-vm for n8n-core, which can do without it. It comes for Node 24 and later; as an optional
 * package, npm leaves it out on older ones and prints no warning about them.
 */
module.exports = require('isolated-vm-7');
