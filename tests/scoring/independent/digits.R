# Digits of other people's programs: every command below is evaluated by R and written with its result to digits.json.
# Run in this folder: Rscript digits.R        (Debian: r-base-core, r-cran-metafor, -psych, -lme4, -survey, -jsonlite)
suppressPackageStartupMessages({ library(metafor); library(psych); library(lme4); library(survey) })

bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
hine <- escalc("RD", n1i = n1i, n2i = n2i, ai = ai, ci = ci, data = dat.hine1989)
normand <- escalc("MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)
schools <- data.frame(yi = c(28, 8, -3, 7, -1, 1, 18, 12), vi = c(15, 10, 16, 11, 9, 11, 10, 18)^2)
three <- bcg[c(2, 7, 8), ]
precise <- list(control = list(tol = 1e-14, threshold = 1e-10, maxiter = 10000))
tau2 <- function(data, method) do.call(rma, c(list(yi = data$yi, vi = data$vi, method = method), precise))$tau2
profile <- function(data) {
  fit <- do.call(rma, c(list(yi = data$yi, vi = data$vi, method = "PM"), precise))
  unname(confint(fit, type = "QP", control = list(tol = 1e-12, maxiter = 10000, tau2.max = 1e5))$random["tau^2", c("ci.lb", "ci.ub")])
}
centre <- function(data) {
  fit <- do.call(rma, c(list(yi = data$yi, vi = data$vi, method = "PM"), precise))
  unname(c(coef(fit), fit$se))
}
reml <- function(formula, data) as.data.frame(VarCorr(lmer(formula, data, REML = TRUE, control = lmerControl(
  optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12)))))$vcov
mean_squares <- function(formula, data) anova(lm(formula, data))[["Mean Sq"]]

neuroticism <- na.omit(bfi[, c("N1", "N2", "N3", "N4", "N5")])
attitudes <- as.matrix(attitude)
ml <- function(r) factanal(covmat = r, factors = 1, control = list(opt = list(factr = 1e-1, maxit = 10000)))
omega_ml <- function(r) {
  fit <- ml(r)
  sum(fit$loadings)^2 / (sum(fit$loadings)^2 + sum(fit$uniquenesses))
}
johnson <- function(rxx, rxy) {
  e <- eigen(rxx)
  lambda <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors)
  as.vector(lambda^2 %*% solve(lambda, rxy)^2)
}

data(api)
schools_sample <- apisrs
plain <- svydesign(ids = ~1, weights = ~1, data = apisrs)
weighted <- svydesign(ids = ~1, weights = ~pw, data = transform(apistrat, pw = pw))
types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
awards <- data.frame(awards = c("No", "Yes"), Freq = c(1722, 4472))
raked <- rake(plain, list(~stype, ~awards), list(types, awards), control = list(maxit = 1000, epsilon = 1e-10))
ratio <- function(design) as.vector(weights(design) / mean(weights(design)))
per_cell <- function(design) as.vector(t(tapply(ratio(design), list(design$variables$stype, design$variables$awards), mean)))
composition <- svystandardize(plain, by = ~stype, over = ~awards, population = c(4421, 755, 1018))
se2 <- function(found) as.vector(SE(found))^2
two <- list(x = apisrs$api00[apisrs$awards == "Yes"], y = apisrs$api00[apisrs$awards == "No"])
waves <- data.frame(t = 1:6, y = c(52, 55, 51, 58, 61, 60), v = c(4, 3, 5, 2, 2, 4))

digits <- expression(
  bcg_yi = as.vector(bcg$yi), bcg_vi = as.vector(bcg$vi),
  hine_yi = as.vector(hine$yi), hine_vi = as.vector(hine$vi),
  normand_yi = as.vector(normand$yi), normand_vi = as.vector(normand$vi),
  three_yi = as.vector(three$yi), three_vi = as.vector(three$vi),
  schools_yi = schools$yi, schools_vi = schools$vi,
  bcg_PM = tau2(bcg, "PM"), bcg_REML = tau2(bcg, "REML"), bcg_DL = tau2(bcg, "DL"), bcg_QP = profile(bcg), bcg_centre = centre(bcg),
  hine_PM = tau2(hine, "PM"), hine_REML = tau2(hine, "REML"), hine_DL = tau2(hine, "DL"), hine_QP = profile(hine), hine_centre = centre(hine),
  normand_PM = tau2(normand, "PM"), normand_REML = tau2(normand, "REML"), normand_DL = tau2(normand, "DL"), normand_QP = profile(normand), normand_centre = centre(normand),
  three_PM = tau2(three, "PM"), three_REML = tau2(three, "REML"), three_DL = tau2(three, "DL"), three_QP = profile(three), three_centre = centre(three),
  schools_PM = tau2(schools, "PM"), schools_REML = tau2(schools, "REML"), schools_DL = tau2(schools, "DL"), schools_QP = profile(schools), schools_centre = centre(schools),

  dyestuff = matrix(Dyestuff$Yield, 6, byrow = TRUE), dyestuff_lme4 = reml(Yield ~ 1 + (1 | Batch), Dyestuff),
  dyestuff2 = matrix(Dyestuff2$Yield, 6, byrow = TRUE), dyestuff2_lme4 = reml(Yield ~ 1 + (1 | Batch), Dyestuff2),
  rail = unname(matrix(nlme::Rail$travel, 6, byrow = TRUE)), rail_lme4 = reml(travel ~ 1 + (1 | Rail), nlme::Rail),
  chickens_n = as.vector(table(chickwts$feed)), chickens_mean = as.vector(tapply(chickwts$weight, chickwts$feed, mean)),
  chickens_variance = as.vector(tapply(chickwts$weight, chickwts$feed, var)), chickens_mean_squares = mean_squares(weight ~ feed, chickwts),
  dyestuff_icc = unlist(suppressMessages(ICC(matrix(Dyestuff$Yield, 6, byrow = TRUE), lmer = FALSE))$results[1, c("ICC", "lower bound", "upper bound")], use.names = FALSE),

  attitude_covariance = unname(cov(attitudes)), attitude_persons = nrow(attitudes),
  attitude_alpha = suppressWarnings(psych::alpha(attitudes))$total$raw_alpha,
  attitude_feldt = unlist(alpha.ci(suppressWarnings(psych::alpha(attitudes))$total$raw_alpha, n.obs = nrow(attitudes), n.var = ncol(attitudes))[c("lower.ci", "upper.ci")], use.names = FALSE),
  attitude_alpha_deleted = suppressWarnings(psych::alpha(attitudes))$alpha.drop$raw_alpha,
  attitude_r_rest = suppressWarnings(psych::alpha(attitudes))$item.stats$r.drop,
  attitude_omega = omega_ml(cor(attitudes)), attitude_loadings = as.vector(ml(cor(attitudes))$loadings),
  neuroticism_covariance = unname(cov(neuroticism)), neuroticism_persons = nrow(neuroticism),
  neuroticism_alpha = psych::alpha(neuroticism)$total$raw_alpha,
  neuroticism_feldt = unlist(alpha.ci(psych::alpha(neuroticism)$total$raw_alpha, n.obs = nrow(neuroticism), n.var = 5)[c("lower.ci", "upper.ci")], use.names = FALSE),
  neuroticism_alpha_deleted = psych::alpha(neuroticism)$alpha.drop$raw_alpha,
  neuroticism_r_rest = psych::alpha(neuroticism)$item.stats$r.drop,
  neuroticism_omega = omega_ml(cor(neuroticism)), neuroticism_loadings = as.vector(ml(cor(neuroticism))$loadings),
  neuroticism_loadings_psych = as.vector(fa(cor(neuroticism), nfactors = 1, fm = "ml")$loadings),
  attitude_relative_weights = johnson(unname(cor(attitudes[, -1])), unname(cor(attitudes[, -1], attitudes[, 1]))),
  attitude_r_squared = summary(lm(rating ~ ., attitude))$r.squared,

  respondents = unname(unclass(table(apisrs$stype, apisrs$awards))), newcomers_types = types$Freq, newcomers_awards = awards$Freq,
  post_stratified = as.vector(tapply(ratio(postStratify(plain, ~stype, types)), apisrs$stype, mean)),
  raked = per_cell(raked),
  weights = apistrat$pw, scores = apistrat$api00,
  weighted_mean = as.vector(svymean(~api00, weighted)), weighted_variance_of_mean = se2(svymean(~api00, weighted)),
  kish = sum(apistrat$pw)^2 / sum(apistrat$pw^2),
  standardised = as.vector(coef(svyby(~api00, ~awards, composition, svymean))), unadjusted = as.vector(coef(svyby(~api00, ~awards, plain, svymean))),
  cell_n = unname(unclass(t(table(apisrs$stype, apisrs$awards)))), cell_mean = unname(t(tapply(apisrs$api00, list(apisrs$stype, apisrs$awards), mean))),

  wilson_7_of_10 = as.vector(prop.test(7, 10, correct = FALSE)$conf.int), wilson_0_of_12 = as.vector(prop.test(0, 12, correct = FALSE)$conf.int),
  wilson_90 = as.vector(prop.test(45, 81, correct = FALSE, conf.level = 0.9)$conf.int),
  benjamini_hochberg = p.adjust(c(0.01, 0.04, 0.03, 0.002, 0.5, 0.03), "BH"),
  welch_n = c(length(two$x), length(two$y)), welch_mean = c(mean(two$x), mean(two$y)), welch_variance = c(var(two$x), var(two$y)),
  welch = unlist(t.test(two$x, two$y)[c("parameter", "p.value")], use.names = FALSE),
  admissions = aperm(unclass(unname(UCBAdmissions)), c(2, 3, 1)),
  mantel_haenszel = mantelhaen.test(UCBAdmissions, correct = FALSE)$p.value,
  trend_t = waves$t, trend_y = waves$y, trend_v = waves$v,
  trend_slope = unname(coef(lm(y ~ t, waves, weights = 1 / v))["t"]),
  kendall = unlist(cor.test(waves$t, waves$y, method = "kendall", exact = TRUE)[c("estimate", "p.value")], use.names = FALSE)
)
written <- lapply(seq_along(digits), function(i) list(
  command = paste(trimws(deparse(digits[[i]], width.cutoff = 500)), collapse = " "), value = eval(digits[[i]])))
names(written) <- names(digits)
versions <- vapply(c("metafor", "psych", "lme4", "survey"), function(p) as.character(packageVersion(p)), "")
jsonlite::write_json(list(versions = c(R = paste(R.version$major, R.version$minor, sep = "."), as.list(versions)), digits = written),
  "digits.json", digits = 12, auto_unbox = TRUE, pretty = 1)
