# Agreement with R's package survey: the known answers of the composite score, and the California schools of data(api).
# Rscript tests/analysis/agreement.R   (Debian: r-base-core, r-cran-survey; not needed by any test)
suppressPackageStartupMessages(library(survey))
show <- function(name, ...) cat(sprintf("%-52s %s\n", name, paste(sprintf("%.15g", c(...)), collapse = "  ")))
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")

# The test vector: rows made by formula, three groups, three questions, 0 is "don't know".
levels_of_z <- c(0, 5, 4, 5, 3, 4, 5, 2, 4, 5, 1, 4, 3)
answer <- function(i, q, g) levels_of_z[(7 * i + 5 * q + 3 * g + (i * i) %% 11 + (i * q) %% 7) %% 13 + 1]
sizes <- c(60, 25, 12); W <- c(5, 3, 2) / 10; V <- c(4, 3, 3) / 10
rows <- do.call(rbind, lapply(0:2, function(g) data.frame(g = g, i = 0:(sizes[g + 1] - 1))))
for (q in 0:2) {
  level <- answer(rows$i, q, rows$g)
  rows[[paste0("y", q)]] <- ifelse(level == 0, 0, 25 * (level - 1))
  rows[[paste0("a", q)]] <- as.numeric(level != 0)
}
rows$fpc <- c(1e12, 1e12, 20)[rows$g + 1]
rows$w <- 1
whole <- svydesign(ids = ~1, strata = ~g, fpc = ~fpc, weights = ~w, data = rows)
terms <- character(0)
for (g in 0:2) for (q in 0:2) for (kind in c("y", "a")) {
  name <- paste0(kind, g, q)
  rows[[name]] <- ifelse(rows$g == g, rows[[paste0(kind, q)]], 0)
  terms <- c(terms, name)
}
whole <- svydesign(ids = ~1, strata = ~g, fpc = ~fpc, weights = ~w, data = rows)
totals <- svytotal(as.formula(paste("~", paste(terms, collapse = "+"))), whole)
parts <- unlist(lapply(0:2, function(g) sprintf("%.1f*(%s)", W[g + 1],
  paste(sprintf("%.1f*y%d%d/a%d%d", V, g, 0:2, g, 0:2), collapse = "+"))))
score <- svycontrast(totals, parse(text = paste(parts, collapse = "+"))[[1]])
show("composite score, SE (panel of 20 in the third group)", coef(score), SE(score))
first <- subset(rows, a0 == 1)
first$wg <- W[first$g + 1] / ave(first$w, first$g, FUN = sum)
first$top3 <- as.numeric(first$y0 >= 50)
one <- svydesign(ids = ~1, strata = ~g, weights = ~wg, data = first)
mean1 <- svymean(~y0, one, deff = "replace")
show("first question: mean, SE, deff", coef(mean1), SE(mean1), deff(mean1))
top3 <- svymean(~top3, one, deff = "replace")
show("first question, levels 3-5: p, SE, deff", coef(top3), SE(top3), deff(top3))
third <- subset(first, g == 2)
panel <- svymean(~y0, svydesign(ids = ~1, fpc = rep(20, nrow(third)), weights = ~w, data = third))
show("first question, third group, 11 of 20: mean, SE", coef(panel), SE(panel))

# California schools: a stratified sample of 200 of 6,194.
data(api)
schools <- svydesign(ids = ~1, strata = ~stype, fpc = ~fpc, weights = ~pw, data = apistrat)
without <- svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = apistrat)
show("schools: stratified mean of api00, SE with fpc", coef(svymean(~api00, schools)), SE(svymean(~api00, schools)))
show("schools: SE without fpc", SE(svymean(~api00, without)))
apistrat$points <- 25 * findInterval(apistrat$api00, c(500, 600, 700, 800))
bands <- svydesign(ids = ~1, strata = ~stype, fpc = ~fpc, weights = ~pw, data = apistrat)
show("schools in five bands: score, SE with fpc", coef(svymean(~points, bands)), SE(svymean(~points, bands)))
by_type <- svyby(~points, ~stype, bands, svymean)
for (type in c("E", "H", "M")) show(paste("  type", type), by_type[type, "points"], by_type[type, "se"])
good <- svymean(~I(as.numeric(points >= 50)), bands)
show("schools in the upper three bands: share, SE", coef(good), SE(good))
