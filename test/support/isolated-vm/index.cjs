/**
 * isolated-vm for n8n-core, which also works without it. It needs Node 24 or later. Because it is an
 * optional package, npm leaves it out on older versions without a warning.
 */
module.exports = require('isolated-vm-7');
