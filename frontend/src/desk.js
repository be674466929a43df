// The behaviours of the staff pages, one file each; every page works without them.
import { startAutosize } from "./js/autosize.js";
import { startClauseSheet } from "./js/clause-sheet.js";
import { startDrafts } from "./js/drafts.js";
import { startFailures } from "./js/failures.js";
import { startHtmx } from "./js/htmx-setup.js";
import { startKeyboard } from "./js/keyboard.js";
import { startMenus } from "./js/menus.js";
import { startPasskeys } from "./js/passkeys.js";
import { startPhotos } from "./js/photos.js";
import { startPolling } from "./js/polling.js";
import { startStages } from "./js/stages.js";
import { startSubmitGuard } from "./js/submit-guard.js";
import { startTabs } from "./js/tabs.js";

startHtmx();
startSubmitGuard();
startDrafts();
startFailures();
startKeyboard();
startMenus();
startTabs();
startStages();
startPasskeys();
startPhotos();
startAutosize();
startClauseSheet();
startPolling();
