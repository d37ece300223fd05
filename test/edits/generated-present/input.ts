// DO NOT EDIT
import u from "./u.js"
