DROP TABLE "specimens";
